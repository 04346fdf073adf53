const { initWeixin } = require('@zhongkong/client-sdk');

/** `app.weixin`, configured by `config.zhongkong`; one for each worker, closed with it. */
module.exports = class ZhongkongBoot {
  constructor(app) {
    this.app = app;
  }

  configDidLoad() {
    this.app.weixin = initWeixin(this.app.config.zhongkong);
  }

  async beforeClose() {
    await this.app.weixin.close();
  }
};
