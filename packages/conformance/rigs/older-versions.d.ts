// The aliases under which older versions are installed. The adapters are compiled with the types of the newer ones, and
// what the rigs use is the same in both.
declare module 'express4' {
  import express from 'express'
  export = express
}

declare module 'koa2' {
  import Koa from 'koa'
  export = Koa
}
