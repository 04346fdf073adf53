module.exports = (app) => {
  app.router.get('/', app.controller.token.index);
};
