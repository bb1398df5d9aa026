// The alias under which the tests import Koa 2. `tsconfig.koa2.json` checks the types of Koa 2 themselves.
declare module 'koa2' {
  import Koa from 'koa'
  export = Koa
}
