import { buildSignalingToken } from '@agora-signaling/core'
import type { TokenHeaderStyle } from '@agora-signaling/core'
import type { Emulator } from '@agora-signaling/emulator'
import { expect } from 'vitest'
import { section } from '../check.js'
import type { Section } from '../check.js'
import type { Mount } from '../rig.js'
import { as, lobby, optionsFor, sendersAt, sessionUser } from './lobby.js'

type Options = Mount['options']

/** Makes tokens with the app certificate. */
function withCertificate({ credentials, url }: Emulator, headerStyle?: TokenHeaderStyle): Options {
  const { appId, appCertificate } = credentials
  return { appId, appCertificate, headerStyle, baseUrl: url, userId: sessionUser }
}

/** Has a token, and makes none. */
function withToken({ credentials, url }: Emulator, headerStyle?: TokenHeaderStyle): Options {
  const { appId, appCertificate } = credentials
  const token = buildSignalingToken({ appId, appCertificate, userId: 'alice', ttlSeconds: 600 })
  return { appId, token, headerStyle, baseUrl: url, userId: sessionUser }
}

const modes: [string, string, (agora: Emulator) => Options][] = [
  ['HTTP Basic', 'basic', (agora) => ({ ...optionsFor(agora), userId: sessionUser })],
  ['a token made for each user', 'token', (agora) => withCertificate(agora)],
  ['the same in x-agora headers', 'x-agora', (agora) => withCertificate(agora, 'x-agora')],
  ['the same in both kinds of headers', 'token and x-agora', (agora) => withCertificate(agora, 'both')],
  ['a supplied token', 'token', (agora) => withToken(agora)],
  ['a supplied token in x-agora headers', 'x-agora', (agora) => withToken(agora, 'x-agora')],
]

export const authenticationModes: Section = section('Agora is shown', (check) => {
  for (const [name, authentication, optionsWith] of modes) {
    check(name, async ({ emulator, open, setEnvironment }) => {
      const agora = await emulator()
      // The back end’s own user is another one, so that a call for the wrong user is seen.
      setEnvironment({ AGORA_USER_ID: name.includes('supplied') ? 'alice' : 'server' })
      const site = await open({ mounts: [{ options: optionsWith(agora) }], routes: [lobby] })
      expect(await site.fetch('/lobby', as('alice'))).toMatchObject({ status: 200, body: { status: 'sent' } })
      expect(agora.requests()).toMatchObject([{ authentication, userId: 'alice', status: 200 }])
      expect(sendersAt(agora)).toEqual(['alice'])
    })
  }
})
