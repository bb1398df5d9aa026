import express from 'express'
import type { Rig } from '../src/index.js'
import { expressRig } from './express.js'

export const express5: Rig = expressRig(express)
