// As much of WeChat as the benchmarks need, and fast: the sandbox does more for each request than is measured here.
import { createServer } from 'node:http';

/** By app: the token that is alive, and how many were given out. */
const apps = new Map();
let delayMs = 0;
let fetches = 0;
let checks = 0;
let mostAtOnce = 0;
let atOnce = 0;

const appOf = (appId) => {
  const known = apps.get(appId) ?? { token: null, count: 0 };
  apps.set(appId, known);
  return known;
};
const fetchToken = (appId, isStable) => {
  fetches += 1;
  const app = appOf(appId);
  if (app.token === null || !isStable) {
    app.count += 1;
    app.token = `${appId}~${String(app.count).padStart(8, '0')}`.padEnd(136, '_');
  }
  return { access_token: app.token, expires_in: 7200 };
};
const call = (token) => {
  if (apps.get(token?.split('~')[0])?.token !== token)
    return { errcode: 40001, errmsg: 'invalid credential' };
  return { errcode: 0, errmsg: 'ok', ip_list: ['1.2.3.4', '5.6.7.8'] };
};
const read = async (request) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
};

const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://platform');
  const text = request.method === 'POST' ? await read(request) : '';
  atOnce += 1;
  mostAtOnce = Math.max(mostAtOnce, atOnce);
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  atOnce -= 1;
  let body;
  if (pathname === '/cgi-bin/stable_token') body = fetchToken(JSON.parse(text).appid, true);
  else if (pathname === '/cgi-bin/token') body = fetchToken(searchParams.get('appid'), false);
  else {
    if (pathname === '/cgi-bin/get_api_domain_ip') checks += 1;
    body = call(searchParams.get('access_token'));
  }
  const bytes = JSON.stringify(body);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length }).end(bytes);
});

process.on('message', ({ id, options }) => {
  if (options.delayMs !== undefined) delayMs = options.delayMs;
  if (options.kill !== undefined) appOf(options.kill).token = null;
  if (options.reset) fetches = checks = mostAtOnce = 0;
  process.send({ id, result: { fetches, checks, mostAtOnce, token: apps.get(options.tokenOf)?.token } });
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
