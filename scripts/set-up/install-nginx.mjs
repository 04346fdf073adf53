import { unpackDebian } from './unpack-debian.mjs';

/** nginx, which tests put in front of servers with the configuration of deploy/nginx. */
export async function installNginx() {
  await unpackDebian({
    program: 'nginx',
    debianPackage: 'nginx',
    path: ['usr', 'sbin', 'nginx'],
    why: 'tests put it in front of servers',
  });
}
