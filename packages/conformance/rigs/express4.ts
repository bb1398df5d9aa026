import express from 'express4'
import type { Rig } from '../src/index.js'
import { expressRig } from './express.js'

export const express4: Rig = expressRig(express)
