import { Global, Inject, Module, type OnModuleDestroy } from '@nestjs/common';
import { initWeixin, type Weixin, type WeixinOptions } from '@zhongkong/client-sdk';

/** Inject it with `@Inject(WEIXIN) weixin: Weixin`. */
export const WEIXIN = Symbol('WEIXIN');

/** One client of WeChat for the whole application, closed with it. */
@Global()
@Module({})
export class WeixinModule implements OnModuleDestroy {
  constructor(@Inject(WEIXIN) private readonly weixin: Weixin) {}

  static forRoot(options: WeixinOptions) {
    const client = { provide: WEIXIN, useFactory: () => initWeixin(options) };
    return { module: WeixinModule, providers: [client], exports: [client] };
  }

  onModuleDestroy(): Promise<void> {
    return this.weixin.close();
  }
}
