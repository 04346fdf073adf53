// A NestJS application that calls WeChat. See ../README.md for the variables.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
app.enableShutdownHooks();
await app.listen(process.env.PORT ?? '3000', '127.0.0.1');
console.info(await app.getUrl());
