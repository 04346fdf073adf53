/**
 * The file's name in a Content-Disposition header, or undefined. WeChat writes names in raw UTF-8, or as `filename*`
 * (RFC 6266), which wins. Folders in a name are left out.
 * @param header as fetch gives it: each character stands for one byte
 */
export function fileNameIn(header: string | null): string | undefined {
  if (header === null) return undefined;
  const extended = /;\s*filename\*\s*=\s*(?:utf-8)'[^']*'([^;]+)/i.exec(header)?.[1];
  const plain = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))/i.exec(header);
  const text = decoded(extended?.trim()) ?? utf8(plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2]?.trim());
  const name = text?.split(/[\\/]/).at(-1);
  return name === '' ? undefined : name;
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function utf8(text: string | undefined): string | undefined {
  return text === undefined ? undefined : Buffer.from(text, 'latin1').toString('utf8');
}
