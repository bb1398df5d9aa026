import { Inject } from '@nestjs/common'

/**
 * The injection token of the back end's own client, to override it in tests and to name it in `inject`.
 *
 * @param name The `name` of the registration. Default: the one without a name.
 *
 * @example
 * Test.createTestingModule({ imports: [AppModule] }).overrideProvider(getAgoraToken()).useValue(client)
 */
export function getAgoraToken(name?: string): symbol {
  return Symbol.for(`@agora-signaling/nestjs.client:${name ?? ''}`)
}

/**
 * Injects the back end's own client. The client of a request is given by `@Agora()`.
 *
 * @example
 * constructor(@InjectAgora() private readonly agora: SignalingClient) {}
 */
export function InjectAgora(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(getAgoraToken(name))
}
