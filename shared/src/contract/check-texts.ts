/** What the contract's own checks say, in Chinese, by the English text. What zod says by itself has its own translation. */
export const CHECK_TEXTS = {
  'must be the id of an entry': '必须是一条记录的 id',
  'must be app ids, separated by commas': '必须是 appId，多个之间用逗号分隔',
  'give either staleVersion or staleToken': 'staleVersion 和 staleToken 必须且只能给一个',
  'must be printable ASCII without blanks': '只能是不含空格的可见 ASCII 字符',
} as const;

/** The text of a check, which has to stand in the table. */
export function says(text: keyof typeof CHECK_TEXTS): string {
  return text;
}
