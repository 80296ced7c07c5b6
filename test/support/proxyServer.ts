/**
 * A small HTTP proxy on the loopback address: it tunnels (CONNECT) and forwards (a whole URL in the first line), and
 * leads every name to one server of the test, so that no name is ever looked up.
 */
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export type ProxyServer = {
  readonly url: string;
  /** The first line of each request, without the version: `CONNECT models.test:443`. */
  readonly asked: readonly string[];
  /** What each request said to the proxy about who it is. */
  readonly authorizations: readonly (string | undefined)[];
  close(): Promise<void>;
};

/** Starts a proxy before the server on this port of the loopback address; `refuse` is a status for everything. */
export async function startProxy(options: { readonly to: number; readonly refuse?: number }): Promise<ProxyServer> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const note = (incoming: IncomingMessage): void => {
    asked.push(`${incoming.method} ${incoming.url}`);
    authorizations.push(incoming.headers['proxy-authorization']);
  };
  const server = createServer((incoming, response) => {
    note(incoming);
    if (options.refuse !== undefined) return void response.writeHead(options.refuse).end('no');
    const { pathname } = new URL(incoming.url ?? '');
    const { 'proxy-authorization': _said, ...headers } = incoming.headers;
    const onward = request(
      { host: '127.0.0.1', port: options.to, path: pathname, method: incoming.method ?? 'GET', headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    response.once('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  server.on('connect', (incoming: IncomingMessage, socket: Socket) => {
    note(incoming);
    socket.on('error', () => {});
    if (options.refuse !== undefined) return void socket.end(`HTTP/1.1 ${options.refuse} No\r\n\r\n`);
    const onward = connect(options.to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) {
      sockets.add(end);
      end.on('error', () => {});
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    authorizations,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
