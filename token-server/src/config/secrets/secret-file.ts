import { readFileSync, statSync } from 'node:fs';

/** A file that holds one secret, such as those that Docker and Kubernetes mount. It may be replaced at any time. */
export interface SecretFile {
  /** The secret now. While the file is missing, empty or cannot be read, the last one. Never throws. */
  read(): string;
}

/** @throws Error of the file system when it cannot be read now; RangeError when it is empty */
export function openSecretFile(path: string): SecretFile {
  const contentOf = () => {
    const text = readFileSync(path, 'utf8').trim();
    if (text === '') throw new RangeError('is empty');
    return text;
  };
  const versionOf = () => {
    const { ino, mtimeMs, size } = statSync(path);
    return `${ino} ${mtimeMs} ${size}`;
  };
  let version = versionOf();
  let secret = contentOf();
  return {
    read() {
      try {
        const current = versionOf();
        if (current === version) return secret;
        secret = contentOf();
        version = current;
      } catch {
        // A file that is just being replaced is read the next time.
      }
      return secret;
    },
  };
}
