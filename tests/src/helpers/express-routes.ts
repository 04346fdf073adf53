interface Layer {
  readonly route?: { readonly path: string; readonly stack: readonly { readonly method?: string }[] };
  readonly handle: { readonly stack?: readonly Layer[] };
}

/** What an Express app really answers, as `get /v1/apps/{appId}`; a handler for any method is `any /path`. */
export function routesOf(app: { readonly router: unknown }): string[] {
  return walk((app.router as { stack: readonly Layer[] }).stack).sort();
}

/** Routes are declared with their whole paths, in routers that are mounted nowhere. */
function walk(layers: readonly Layer[]): string[] {
  return layers.flatMap(({ route, handle }) => {
    if (handle.stack !== undefined) return walk(handle.stack);
    return route === undefined ? [] : methodsOf(route).map((method) => `${method} ${pathOf(route.path)}`);
  });
}

/** Far more methods than anybody would name: `app.all` registers every one that Node knows. */
const MANY = 10;

/** A route that names methods answers those; its handler for the rest is the refusal. */
function methodsOf({ stack }: NonNullable<Layer['route']>): string[] {
  const named = new Set(stack.flatMap(({ method }) => (method === undefined ? [] : [method])));
  return named.size === 0 || named.size > MANY ? ['any'] : [...named];
}

/** `/apps/:appId/*rest` in OpenAPI's words: `/apps/{appId}/{rest}`. */
function pathOf(path: string): string {
  return path.replace(/[:*](\w+)/g, '{$1}');
}
