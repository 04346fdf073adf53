import { createTokenClient } from '@zhongkong/client-sdk';

const tokens = createTokenClient({ server: process.env.TOKEN_SERVER, apiKey: 'k', appId: 'wx' });

export async function GET() {
  return new Response(await tokens.getAccessToken());
}

export const dynamic = 'force-dynamic';
