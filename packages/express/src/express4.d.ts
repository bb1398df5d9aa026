// The alias under which the tests import Express 4. It has no types of its own; what the tests use is in both versions.
declare module 'express4' {
  import express from 'express'
  export = express
}
