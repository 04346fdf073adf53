import { describe, expect, it } from '@jest/globals';
import { fileNameIn } from './file-name.js';

/** As it is on the wire: each character stands for one byte. */
const onWire = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

describe('the name in a Content-Disposition', () => {
  it.each([
    [null, undefined],
    ['inline', undefined],
    ['attachment; filename=""', undefined],
    ['attachment; filename="a.png"', 'a.png'],
    ['attachment; filename=a.png', 'a.png'],
    ['attachment; FileName = "a b.png" ; size=3', 'a b.png'],
    ['attachment; filename="图片 1.png"', '图片 1.png'],
    ['attachment; filename="a\\"b.png"', 'a"b.png'],
    ["attachment; filename*=UTF-8''%E5%9B%BE.png", '图.png'],
    ['attachment; filename="x.png"; filename*=utf-8\'zh\'%E5%9B%BE.png', '图.png'],
    ['attachment; filename="x.png"; filename*=utf-8\'\'%E5%ZZ', 'x.png'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    ['attachment; filename="C:\\\\temp\\\\a.png"', 'a.png'],
  ])('%s is %s', (header, name) => {
    expect(fileNameIn(header === null ? null : onWire(header))).toBe(name);
  });
});
