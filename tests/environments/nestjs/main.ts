import 'reflect-metadata';
import { Controller, Get, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Weixin } from '@zhongkong/client-sdk';
import { WEIXIN, WeixinModule } from './weixin.module.js';

@Controller()
class AppController {
  constructor(@Inject(WEIXIN) private readonly weixin: Weixin) {}

  @Get()
  async token(): Promise<string> {
    return (await this.weixin.auth.getAccessToken()).accessToken;
  }
}

const tokenServer = { url: process.env.TOKEN_SERVER ?? '', apiKey: 'k' };

@Module({ imports: [WeixinModule.forRoot({ appId: 'wx', tokenServer })], controllers: [AppController] })
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  console.log(await (await fetch(await app.getUrl())).text());
  await app.close();
}

void main();
