#!/bin/sh
# Makes what compose.yaml needs beside it: config/, secrets/ and .env. Usage: ./prepare.sh APPID
# It asks for the AppSecret, or reads it from a pipe. What is there already is never replaced.
set -eu
umask 077
cd "$(dirname "$0")"
app_id=${1:?usage: ./prepare.sh APPID}
if [ -e config ] || [ -e secrets ]; then
  echo "config/ or secrets/ is there already: change the files in them, or move both away first" >&2
  exit 1
fi
if [ -t 0 ]; then
  printf 'AppSecret of %s: ' "$app_id" >&2
  trap 'stty echo' EXIT INT TERM
  stty -echo
fi
IFS= read -r app_secret
[ -n "$app_secret" ] || { echo "no AppSecret was given" >&2; exit 1; }

random() { openssl rand -hex "$1"; }
sha256() { printf %s "$1" | openssl dgst -sha256 -r | cut -d' ' -f1; }
redis_password=$(random 24)
admin_key=$(random 20)
prometheus_key=$(random 20)

mkdir config secrets
printf '%s\n' "$app_secret" > "config/$app_id.secret"
cat > config/zhongkong.config.json << END
{
  "apps": [{ "appId": "$app_id", "secretFile": "$app_id.secret" }],
  "clients": [
    // secrets/admin.key: "docker compose exec" with ZHONGKONG_API_KEY, to add apps and clients without a restart
    { "name": "admin", "keySha256": "$(sha256 "$admin_key")", "apps": ["*"], "scopes": ["admin"] },
    // secrets/prometheus.key: /metrics takes any key; this one can do nothing else, unless the app is in external mode
    { "name": "prometheus", "keySha256": "$(sha256 "$prometheus_key")", "apps": ["$app_id"], "scopes": ["token:write"] }
  ]
}
END
openssl rand -base64 32 > secrets/master.key
printf 'redis://zhongkong:%s@redis:6379\n' "$redis_password" > secrets/redis.url
printf '%s\n' "$admin_key" > secrets/admin.key
printf '%s\n' "$prometheus_key" > secrets/prometheus.key
random 12 > secrets/grafana.password
# What docs/configuration.md names as the rights that the server needs; the file holds the hash of the password only.
cat > secrets/redis.acl << END
user default on nopass resetchannels -@all +ping
user zhongkong on #$(sha256 "$redis_password") ~zhongkong:* ~{zhongkong:* &zhongkong:* -@all +@read +@write +@connection +@scripting +@transaction +@pubsub +@blocking -@dangerous +info +time +cluster|slots +cluster|info
END
# Other users of this machine cannot enter the folder; the users of the images of Redis, Prometheus and Grafana read these.
chmod 644 secrets/redis.acl secrets/prometheus.key secrets/grafana.password

run_as="$(id -u):$(id -g)"
if [ "$(id -u)" = 0 ]; then
  run_as=1000:1000
  chown -R "$run_as" config secrets
fi
printf 'RUN_AS=%s\n' "$run_as" > .env
echo "config/, secrets/ and .env are made; next: docker compose up -d --build"
