// The health check of the container: asks /healthz where the server listens, as its environment says. Whether the
// server should get requests is another question, which /readyz answers to load balancers.
import { request as overHttp } from 'node:http';
import { request as overTls } from 'node:https';

const { HOST = '0.0.0.0', PORT = '7200', TLS_CERT } = process.env;
const ANSWER_WITHIN_MS = 4_000;

const socketPath = HOST.startsWith('unix:') ? HOST.slice('unix:'.length) : undefined;
const host = ['0.0.0.0', '::', ''].includes(HOST) ? '127.0.0.1' : HOST;
// The certificate is made for the name that clients use; this is the same machine.
const options = { host, port: PORT, socketPath, path: '/healthz', rejectUnauthorized: false };
const request = (TLS_CERT ? overTls : overHttp)(options, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
);
request.setTimeout(ANSWER_WITHIN_MS, () => request.destroy(new Error('no answer')));
request.on('error', ({ message }) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
request.end();
