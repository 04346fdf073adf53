exports.index = async (context) => {
  context.body = (await context.app.weixin.auth.getAccessToken()).accessToken;
};
