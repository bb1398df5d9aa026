/** The version of this package. Written by `npx pnpm release:version`. */
export const version: string = '0.0.0'
