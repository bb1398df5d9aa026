import { expect, test } from 'vitest'
import { express5 } from '../../rigs/express5.js'
import { withBench } from '../bench.js'
import { patienceMs, sections } from '../conformance.js'
import type { Rig } from '../rig.js'
import { liesAboutAnswers } from './lies-about-answers.js'
import { liesAboutClients } from './lies-about-clients.js'
import { liesAboutNotifications, liesAboutTokens } from './lies-about-routes.js'
import { emptyRig, lyingRig } from './lying-rig.js'

const honest = express5

/** Whether a check sees that something is wrong with a rig. */
async function sees(rig: Rig, section: string, name: string): Promise<boolean> {
  const [, checks = []] = sections.find(([title]) => title === section) ?? []
  const [, run] = checks.find(([known]) => known === name) ?? []
  if (run === undefined) throw new Error(`There is no check "${name}" in "${section}".`)
  try {
    await withBench(rig, run)
    return false
  } catch {
    return true
  }
}

const lies = [...liesAboutClients, ...liesAboutTokens, ...liesAboutNotifications, ...liesAboutAnswers]

test.each(lies)(
  'a rig that $name fails “$caughtBy.1”',
  async (lie) => {
    expect(await sees(lyingRig(honest, lie), ...lie.caughtBy)).toBe(true)
  },
  patienceMs,
)

const checks = sections.flatMap(([title, all]) => all.map(([name]) => [title, name] as const))
// An empty site keeps nothing of a request: the check of memory has a lie of its own.
const checksOfAnswers = checks.filter(([title]) => title !== 'memory')

test.each(checksOfAnswers)(
  'a rig that answers 200 and does nothing fails “%s: %s”',
  async (title, name) => {
    expect(await sees(emptyRig, title, name)).toBe(true)
  },
  patienceMs,
)

// The server that lies stand behind does not notice when a caller goes away, which is a lie of its own.
const checksOfTruth = checksOfAnswers.filter(([title]) => title !== 'a caller that goes away')

test.each(checksOfTruth)(
  'a rig that tells the truth passes “%s: %s”',
  async (title, name) => {
    const changingNothing = lyingRig(honest, { name: '', caughtBy: ['', ''], answer: (reply) => reply })
    expect(await sees(changingNothing, title, name)).toBe(false)
  },
  patienceMs,
)
