import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { initWeixin, type Weixin, type WeixinOptions } from '@zhongkong/client-sdk';

/** `constructor(@Inject(WEIXIN) private readonly weixin: Weixin)` */
export const WEIXIN = Symbol('WEIXIN');

/** One instance of the SDK for the whole application; closed with it. */
@Module({})
export class WeixinModule implements OnApplicationShutdown {
  constructor(@Inject(WEIXIN) private readonly weixin: Weixin) {}

  static forRoot(options: WeixinOptions): DynamicModule {
    const provider = { provide: WEIXIN, useFactory: () => initWeixin(options) };
    return { module: WeixinModule, global: true, providers: [provider], exports: [WEIXIN] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.weixin.close();
  }
}
