/**
 * Measures contenders in turn, A B A B …, so that whatever else the machine does meets all of them alike.
 * @param {number} rounds
 * @param {Record<string, () => number | Promise<number>>} contenders each gives one measurement
 * @returns {Promise<(one: string, other: string) => { value: number, spread: string }>} the ratio of two contenders: the
 * median over all rounds, and the range of the middle half
 */
export async function compare(rounds, contenders) {
  const measured = await measureInTurn(rounds, contenders);
  return (one, other) => ratioOf(measured[one], measured[other]);
}

/** @returns {Promise<Record<string, unknown[]>>} what each contender gave in each round */
export async function measureInTurn(rounds, contenders) {
  const measured = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, measure] of Object.entries(contenders)) {
      const value = await measure();
      if (round > 0) measured[name].push(value);
    }
  }
  return measured;
}

/** The ratio in each round: its median, and the range of the middle half. */
export function ratioOf(ones, others) {
  return summary(ones.map((value, round) => value / others[round]));
}

export function summary(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => rounded(sorted[Math.floor((sorted.length - 1) * share)]);
  return { value: at(0.5), spread: `${at(0.25)} to ${at(0.75)}` };
}

export function rounded(value) {
  return Number(value.toPrecision(3));
}
