/** A server that refuses every key and repeats it wherever it can, and a proxy that is the only way to it. */
import { createServer, type IncomingHttpHeaders, type Server, request as send } from 'node:http';
import { connect } from 'node:net';

export type Echoing = {
  /** What the server was asked. */
  readonly asked: IncomingHttpHeaders[];
  /** What the proxy was asked for: an address, or `CONNECT host:port`. */
  readonly passed: string[];
  close(): void;
};

/** Starts both on these ports of loopback. */
export async function startEchoing(ports: { readonly server: number; readonly proxy: number }): Promise<Echoing> {
  const asked: IncomingHttpHeaders[] = [];
  const passed: string[] = [];
  const server = createServer(({ headers }, response) => {
    asked.push(headers);
    const said = `the key ${headers.authorization} of ${headers['x-team']} is wrong`;
    const echoes = { 'www-authenticate': said, 'x-request-id': said, 'retry-after': '0' };
    response.writeHead(401, said, { 'content-type': 'application/json', ...echoes });
    response.end(JSON.stringify({ error: { message: said, type: said, param: said, code: said } }));
  });
  const proxy = createServer((request, response) => {
    passed.push(request.url ?? '');
    const { pathname } = new URL(request.url ?? '');
    const options = { port: ports.server, host: '127.0.0.1', path: pathname, method: request.method ?? 'GET' };
    const onward = send({ ...options, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.statusMessage, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  proxy.on('connect', ({ url }, client) => {
    passed.push(`CONNECT ${url}`);
    const onward = connect(ports.server, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(client).pipe(onward);
    });
  });
  await listen(server, ports.server);
  await listen(proxy, ports.proxy);
  return {
    asked,
    passed,
    close() {
      for (const one of [server, proxy]) {
        one.closeAllConnections();
        one.close();
      }
    },
  };
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.on('error', reject).listen(port, '127.0.0.1', () => resolve());
  });
