/**
 * Test-only: lets the Playwright side run code in the extension host. Every host (one per window) listens on a unix socket
 * of its own in the run's temporary folder, named so that sorting gives the order of their start.
 */
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const vscode = require('vscode');

exports.activate = (context) => {
  const folder = process.env.OPENEXEC_BRIDGE;
  if (!folder) return;
  const socket = path.join(folder, `${Date.now()}-${process.pid}`);
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', async () => {
      try {
        const { code, args } = JSON.parse(body);
        const value = await new Function('vscode', 'args', `return (async () => { ${code} })()`)(vscode, args);
        response.end(JSON.stringify({ value: value === undefined ? null : value }));
      } catch (error) {
        response.end(JSON.stringify({ error: String(error.stack ?? error) }));
      }
    });
  });
  server.listen(socket);
  context.subscriptions.push({
    dispose: () => {
      server.close();
      fs.rmSync(socket, { force: true });
    },
  });
};
