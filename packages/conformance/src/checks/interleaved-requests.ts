import { expect } from 'vitest'
import { section } from '../check.js'
import type { Section } from '../check.js'
import { optionsFor, sendersAt } from './lobby.js'

const count = 200

export const interleavedRequests: Section = section('many requests at once', (check) => {
  check(`${count} that overtake each other keep their own user and tenant`, async ({ emulator, open }) => {
    const agoras = [await emulator(), await emulator()]
    // Nobody's user is found before everybody has asked; then the last who asked is served first.
    const waiting: (() => void)[] = []
    const turn = async (): Promise<void> => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        if (waiting.length === count) for (const go of waiting.toReversed()) go()
      })
    }
    const site = await open({
      mounts: [
        {
          options: {
            tenant: {
              key: (caller) => String(Number(caller.header('x-number')) % 2),
              options: (key) => {
                const agora = agoras[Number(key)]
                if (agora === undefined) throw new Error('There is no such tenant.')
                return optionsFor(agora)
              },
            },
            userId: async (caller) => {
              await turn()
              return `user-${caller.header('x-number')}`
            },
          },
        },
      ],
      routes: [
        {
          path: '/',
          handle: async ({ getAgora }) => {
            const { messages, userId, appId } = getAgora()
            await messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
            return { userId, appId }
          },
        },
      ],
    })
    const numbers = Array.from({ length: count }, (_, number) => number)
    const answers = await Promise.all(
      numbers.map((number) => site.fetch('/', { method: 'POST', headers: { 'x-number': String(number) } })),
    )
    expect(answers.map(({ body }) => body)).toEqual(
      numbers.map((number) => ({ userId: `user-${number}`, appId: agoras[number % 2]?.credentials.appId })),
    )
    const [even = [], odd = []] = agoras.map((agora) => sendersAt(agora))
    const usersOf = (remainder: number): string[] =>
      numbers.filter((number) => number % 2 === remainder).map((number) => `user-${number}`)
    expect(even.toSorted()).toEqual(usersOf(0).toSorted())
    expect(odd.toSorted()).toEqual(usersOf(1).toSorted())
  })
})
