/** `ipv4-devconf` is `ipv4Devconf`: each `-x` or `_x` becomes `X`. */
export function camelCase(name: string): string {
  return name.replaceAll(/[-_](.)/g, (_, letter: string) => letter.toUpperCase());
}
