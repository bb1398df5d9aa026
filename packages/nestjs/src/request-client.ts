import type { IncomingMessage } from 'node:http'
import { AgoraConfigError } from '@agora-signaling/core'
import type { SignalingClient } from '@agora-signaling/core'
import { createParamDecorator } from '@nestjs/common'
import type { ExecutionContext } from '@nestjs/common'
import { nodeRequest } from './http.js'
import type { HostRequest } from './http.js'
import { getAgoraToken } from './tokens.js'

type ClientFor = (request: HostRequest) => SignalingClient | Promise<SignalingClient>

/** Stores a resolver on the request. The user is known only after the guards. */
export function attachClientFor(
  request: IncomingMessage,
  name: string | undefined,
  clientFor: ClientFor,
): void {
  Object.defineProperty(request, getAgoraToken(name), { value: clientFor, configurable: true })
}

/**
 * Gives a handler the client of its request: of the request's tenant, acting for its user. `userId` is asked after the
 * guards, each time, and sees what they put on the request.
 *
 * @param name The `name` of the registration. Default: the one without a name.
 *
 * @example
 * send(@Agora() agora: SignalingClient) { return agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello' }) }
 *
 * @throws {AgoraConfigError} `ERR_NOT_REGISTERED` where the module is not mounted, and outside of HTTP.
 */
export const Agora: (name?: string) => ParameterDecorator = createParamDecorator(
  (name: string | undefined, context: ExecutionContext) => {
    const type = context.getType<string>()
    if (type !== 'http') {
      throw notRegistered(
        `@Agora() finds the user of an HTTP request, and this is a handler of type "${type}": inject the back end's client with @InjectAgora(), and act for a user with client.as(userId).`,
      )
    }
    const request = context.switchToHttp().getRequest<HostRequest>()
    const clientFor: unknown = Reflect.get(nodeRequest(request), getAgoraToken(name))
    if (isClientFor(clientFor)) return clientFor(request)
    const options = name === undefined ? '' : `{ name: '${name}' }`
    throw notRegistered(
      `This route has no Signaling client: the module is not imported, or its forRoutes and exclude leave the route out. Add to the imports of AppModule:\n\n  AgoraSignalingModule.forRoot(${options})\n`,
    )
  },
)

/** Nobody else attaches anything by these tokens. */
function isClientFor(attached: unknown): attached is ClientFor {
  return typeof attached === 'function'
}

function notRegistered(message: string): AgoraConfigError {
  return new AgoraConfigError('ERR_NOT_REGISTERED', message)
}
