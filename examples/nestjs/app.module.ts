import { Controller, Get, Inject, Module, Query, StreamableFile } from '@nestjs/common';
import type { Weixin } from '@zhongkong/client-sdk';
import { WEIXIN, WeixinModule } from './weixin.module.js';

@Controller()
class AppController {
  constructor(@Inject(WEIXIN) private readonly weixin: Weixin) {}

  @Get('addresses')
  async addresses(): Promise<unknown> {
    const { ipList } = await this.weixin.request({ path: '/cgi-bin/getcallbackip' });
    return ipList;
  }

  @Get('code.jpg')
  async code(@Query('scene') scene = 'demo'): Promise<StreamableFile> {
    const { buffer, contentType } = await this.weixin.wxacode.getUnlimited({ scene });
    return new StreamableFile(Buffer.from(buffer), { type: contentType });
  }
}

const { ZHONGKONG_URL = '', ZHONGKONG_API_KEY = '', APP_ID = '', WECHAT_API_BASE_URL } = process.env;

@Module({
  imports: [
    WeixinModule.forRoot({
      appId: APP_ID,
      tokenServer: { url: ZHONGKONG_URL, apiKey: ZHONGKONG_API_KEY },
      baseUrl: WECHAT_API_BASE_URL,
    }),
  ],
  controllers: [AppController],
})
export class AppModule {}
