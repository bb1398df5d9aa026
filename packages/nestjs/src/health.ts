import { isAgoraError } from '@agora-signaling/core'
import type { AgoraErrorCode, SignalingClient } from '@agora-signaling/core'
import { checkOptions, text, timeLimit } from '@agora-signaling/core/adapter'
import type { OptionRules } from '@agora-signaling/core/adapter'
import { Inject, Injectable } from '@nestjs/common'
import { ModuleRef } from '@nestjs/core'
import { HealthIndicatorService } from '@nestjs/terminus'
import type { HealthIndicatorResult } from '@nestjs/terminus'
import { getAgoraToken } from './tokens.js'

/** Options of {@link AgoraHealthIndicator.pingCheck}. */
export interface AgoraPingOptions {
  /** The `name` of the registration. Default: the one without a name. */
  readonly name?: string | undefined
  /** Milliseconds until Agora counts as down. Default 3,000. */
  readonly timeoutMs?: number | undefined
}

const rules: OptionRules<AgoraPingOptions> = { name: text, timeoutMs: timeLimit }

/** A health indicator for `@nestjs/terminus`: whether Agora can be reached and takes the back end's credentials. */
@Injectable()
export class AgoraHealthIndicator {
  readonly #indicators: HealthIndicatorService
  readonly #modules: ModuleRef

  constructor(
    @Inject(HealthIndicatorService) indicators: HealthIndicatorService,
    @Inject(ModuleRef) modules: ModuleRef,
  ) {
    this.#indicators = indicators
    this.#modules = modules
  }

  /**
   * Makes one call that changes nothing: the list of projects with HTTP Basic, message history with tokens.
   *
   * @example
   * this.health.check([() => this.agora.pingCheck('agora')])
   */
  async pingCheck<const Key extends string>(
    key: Key,
    options: AgoraPingOptions = {},
  ): Promise<HealthIndicatorResult<Key>> {
    checkOptions('pingCheck()', options, rules)
    const { name, timeoutMs = 3000 } = options
    const client = this.#modules.get<SignalingClient>(getAgoraToken(name), { strict: false })
    const indicator = this.#indicators.check(key)
    try {
      await ping(client, timeoutMs)
      return indicator.up()
    } catch (error) {
      if (!isAgoraError(error)) throw error
      const hint = 'hint' in error ? error.hint : undefined
      return indicator.down({ code: error.code, reason: hint ?? error.message })
    }
  }
}

async function ping(client: SignalingClient, timeoutMs: number): Promise<void> {
  try {
    await client.projects.list({ timeoutMs })
  } catch (error) {
    if (!hasCode(error, 'ERR_CONFIG_MISSING')) throw error
    // Agora refuses a project without message history after it has taken the token.
    const page = client.history.list({ channel: 'health', limit: 1, timeoutMs }).page()
    await page.catch((refusal: unknown) => {
      if (!hasCode(refusal, 'ERR_FORBIDDEN')) throw refusal
    })
  }
}

function hasCode(error: unknown, code: AgoraErrorCode): boolean {
  return isAgoraError(error) && error.code === code
}
