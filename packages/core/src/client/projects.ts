import { concealSecrets } from '../concealment.js'
import { AgoraConfigError } from '../errors.js'
import { isJsonObject, listField, numberField, textField } from '../input/json.js'
import type { JsonObject } from '../input/json.js'
import { checkArguments } from '../input/options.js'
import { timeLimitRules } from './call-time-limits.js'
import { operations } from '../operations.js'
import type { ClientParts } from './client-parts.js'
import { endpointCall } from './endpoint-call.js'

/** A project of the Agora account. Logged or turned into JSON, it shows a placeholder for its certificate. */
export interface Project {
  /** Empty when the console leaves it out, like the next two fields. */
  readonly id: string
  readonly name: string
  readonly appId: string
  /** The app certificate (`sign_key`), when the project has one and the console gives it away. A secret. */
  readonly appCertificate?: string
  readonly enabled: boolean
  readonly createdAt?: Date
}

/** Options of {@link Projects.list}. */
export interface ListProjectsOptions {
  /** Total time for the call in milliseconds. Default: the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** The console's list of projects: read-only, and a good test of a customer ID and secret. */
export class Projects {
  readonly #parts: ClientParts

  constructor(parts: ClientParts) {
    this.#parts = parts
  }

  /**
   * Lists the projects of the account. Needs HTTP Basic. 10 calls a second, per account.
   *
   * @example
   * const project = (await client.projects.list()).find(({ appId }) => appId === client.appId)
   *
   * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` when the client authenticates with tokens; `ERR_CONFIG_INVALID` when
   * the answer shows that its App ID is an app certificate.
   * @throws {AgoraApiError | AgoraConnectionError | AgoraTimeoutError | AgoraAbortError}
   * @see https://docs.agora.io/en/signaling/reference/agora-console-rest-api
   */
  async list(options: ListProjectsOptions = {}): Promise<Project[]> {
    checkArguments('projects.list()', options, timeLimitRules)
    if (this.#parts.auth.kind !== 'basic') {
      throw new AgoraConfigError(
        'ERR_CONFIG_MISSING',
        'Agora lists projects for HTTP Basic only, and this client uses tokens: give it AGORA_CUSTOMER_ID and AGORA_CUSTOMER_SECRET.',
      )
    }
    const { answer } = await this.#parts.transport.call(endpointCall(operations.projects, {}, options))
    // An entry that is no object says nothing about a project. All others are carried, whatever they leave out.
    const projects = listField(answer.json, 'projects').filter(isJsonObject).map(readProject)
    this.#refuseSwapped(projects)
    return projects
  }

  /** Both look alike: this answer is the one place that knows which is which. */
  #refuseSwapped(projects: readonly (Project | undefined)[]): void {
    const { appId } = this.#parts
    if (!projects.some((project) => project?.appCertificate === appId)) return
    throw new AgoraConfigError(
      'ERR_CONFIG_INVALID',
      'What this client has for its App ID (appId, AGORA_APP_ID) is the app certificate of a project of this account: the two are swapped. ' +
        'Put each in its place. Then renew the certificate in Agora Console: it went out in URLs and in tokens.',
    )
  }
}

function readProject(item: JsonObject): Project {
  const appCertificate = textField(item, 'sign_key')
  const createdAt = new Date((numberField(item, 'created') ?? Number.NaN) * 1000)
  const project: Project = {
    id: textField(item, 'id') ?? '',
    name: textField(item, 'name') ?? '',
    appId: textField(item, 'vendor_key') ?? '',
    ...(appCertificate === undefined ? {} : { appCertificate }),
    enabled: numberField(item, 'status') === 1,
    ...(Number.isNaN(createdAt.getTime()) ? {} : { createdAt }),
  }
  return concealSecrets(project, ['appCertificate'])
}
