import leven from 'leven';

const PREFIX = 'ZHONGKONG_';

/**
 * What Kubernetes puts into every container beside a service whose name begins with "zhongkong":
 * `ZHONGKONG_SERVICE_HOST`, `ZHONGKONG_SERVICE_PORT_HTTP`, `ZHONGKONG_PORT_7200_TCP_ADDR`, …
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
const OF_KUBERNETES =
  /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;
const OF_KUBERNETES_BY_VALUE = { name: /_PORT$/, value: /^(?:tcp|udp|sctp):\/\// };

/** Variables of the command line client, which may share a shell with the server. */
const OF_THE_CLIENT = ['ZHONGKONG_URL', 'ZHONGKONG_API_KEY'];

/**
 * A warning for each variable that begins with `ZHONGKONG_` and that nobody reads: most likely a spelling mistake.
 * @param known names that the server reads, and names that the configuration file reads secrets from
 */
export function warnOfUnknownVariables(
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): string[] {
  const isExpected = (name: string, value: string) =>
    known.includes(name) ||
    OF_THE_CLIENT.includes(name) ||
    OF_KUBERNETES.test(name) ||
    (OF_KUBERNETES_BY_VALUE.name.test(name) && OF_KUBERNETES_BY_VALUE.value.test(value));
  return Object.entries(environment)
    .filter(([name, value]) => name.startsWith(PREFIX) && value && !isExpected(name, value))
    .map(
      ([name]) =>
        `The environment variable ${name} is not known and has no effect. Did you mean ${nearest(name, known)}?`,
    );
}

function nearest(name: string, known: readonly string[]): string {
  const distance = (other: string) => Math.min(leven(name, other), leven(name.slice(PREFIX.length), other));
  return known.reduce((best, other) => (distance(other) < distance(best) ? other : best));
}
