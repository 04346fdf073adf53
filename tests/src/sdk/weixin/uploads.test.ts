import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { UploadFile } from '@zhongkong/client-sdk';
import { APP } from '../../helpers/fixtures.js';
import { PNG } from '../../helpers/images.js';
import { tempFolder } from '../../helpers/temp-folder.js';
import { openBySecret, sentTo } from './open.js';

const PATH = '/cgi-bin/media/upload';

function fileOnDisk(name: string): string {
  const path = join(tempFolder(), name);
  writeFileSync(path, PNG);
  return path;
}

/** Each source of a file, with the name and type that go out. */
const SOURCES: Record<string, readonly [() => UploadFile, fileName: string, contentType: string]> = {
  'a Buffer': [() => ({ value: PNG, contentType: 'image/png' }), 'file.png', 'image/png'],
  'a Buffer with a name': [() => ({ value: PNG, fileName: '图 "1".PNG' }), '图 %221%22.PNG', 'image/png'],
  'an ArrayBuffer': [
    () => ({ value: new Uint8Array(PNG).buffer, contentType: 'image/jpeg' }),
    'file.jpg',
    'image/jpeg',
  ],
  'a Blob': [() => ({ value: new Blob([PNG], { type: 'image/gif' }) }), 'file.gif', 'image/gif'],
  'a File': [() => ({ value: new File([PNG], 'own.png', { type: '' }) }), 'own.png', 'image/png'],
  'a stream': [
    () => ({ value: Readable.from([PNG.subarray(0, 9), PNG.subarray(9)]), fileName: 'a.png' }),
    'a.png',
    'image/png',
  ],
  'a web stream': [() => ({ value: new Blob([PNG]).stream(), fileName: 'a.png' }), 'a.png', 'image/png'],
  'a path': [() => ({ path: fileOnDisk('shot.jpeg') }), 'shot.jpeg', 'image/jpeg'],
};

describe('an upload', () => {
  it.each(Object.entries(SOURCES))('takes %s', async (_name, [source, fileName, contentType]) => {
    const opened = await openBySecret();
    const { wire, weixin } = opened;
    wire.answer = ({ path }) =>
      path === PATH ? { body: '{"type":"image","media_id":"M","created_at":1}' } : undefined;
    expect(
      await weixin.customerServiceMessage.uploadTempMedia({ type: 'image', media: source() }),
    ).toMatchObject({ mediaId: 'M' });
    const [sent] = sentTo(opened, PATH);
    const boundary = /boundary=(.+)$/.exec(sent?.contentType ?? '')?.[1];
    const expected = Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="media"; filename="${fileName}"\r\n` +
          `Content-Type: ${contentType}\r\n\r\n`,
      ),
      PNG,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]);
    expect(sent?.body.toString('latin1')).toBe(expected.toString('latin1'));
  });

  it('of a stream is sent again, whole, when its token turns out to be dead', async () => {
    const opened = await openBySecret();
    const { platform, weixin } = opened;
    await weixin.auth.getAccessToken();
    platform.control.revoke({ appId: APP.appId });
    const media = { value: Readable.from([PNG]), fileName: 'a.png' };
    const { mediaId } = await weixin.customerServiceMessage.uploadTempMedia({ type: 'image', media });
    expect((await weixin.customerServiceMessage.getTempMedia({ mediaId })).buffer).toEqual(PNG);
    const [first, second, ...more] = sentTo(opened, PATH);
    expect(second?.body).toEqual(first?.body);
    expect(more).toEqual([]);
  });

  it('of a stream without end stops at 32 MiB, and sends nothing', async () => {
    const opened = await openBySecret();
    const chunk = Buffer.alloc(1024 * 1024);
    async function* endless() {
      for (;;) yield chunk;
    }
    const upload = opened.weixin.img.aiCrop({ img: { value: endless() } });
    await expect(upload).rejects.toThrow(new TypeError('img.aiCrop: img has more than 32 MiB'));
    expect(opened.wire.sent).toEqual([]);
  });

  it("rejects with the error of the caller's own stream", async () => {
    const { weixin } = await openBySecret();
    const failing = new Readable({ read: (): void => void failing.destroy(new Error('the disk is gone')) });
    await expect(weixin.img.scanQRCode({ img: { value: failing } })).rejects.toThrow('the disk is gone');
  });

  it('goes to any other API by request, with further fields of the form', async () => {
    const { wire, weixin } = await openBySecret();
    wire.answer = ({ path }) => (path === '/cgi-bin/material/add_material' ? { body: '{}' } : undefined);
    await weixin.request({
      method: 'POST',
      path: '/cgi-bin/material/add_material',
      query: { type: 'video' },
      file: { field: 'clip', value: PNG, fileName: 'a.mp4' },
      fields: { description: '{"title":"题"}' },
    });
    const body = wire.sent.at(-1)?.body.toString('utf8');
    expect(body).toContain('name="description"\r\n\r\n{"title":"题"}\r\n');
    expect(body).toContain('name="clip"; filename="a.mp4"\r\nContent-Type: video/mp4\r\n');
  });
});
