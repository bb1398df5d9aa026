import { concealSecrets } from '../concealment.js'
import { AgoraConfigError } from '../errors.js'
import { isJsonObject, numberField, textField } from '../http/json.js'
import { checkArguments } from '../input/options.js'
import { limitRules } from './call-limits.js'
import type { ClientConnection } from './connection.js'
import { unexpectedAnswer } from './unexpected-answer.js'

/** A project of the Agora account. Logged or turned into JSON, it shows a placeholder for its certificate. */
export interface Project {
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

const path = '/dev/v1/projects'

/** The console's list of projects: read-only, and a good test of a customer ID and secret. */
export class Projects {
  readonly #connection: ClientConnection

  constructor(connection: ClientConnection) {
    this.#connection = connection
  }

  /**
   * Lists the projects of the account. Needs HTTP Basic. 10 calls a second, per account.
   *
   * @example
   * const project = (await client.projects.list()).find(({ appId }) => appId === client.appId)
   *
   * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` when the client authenticates with tokens.
   * @throws {AgoraApiError | AgoraConnectionError | AgoraTimeoutError | AgoraAbortError}
   * @see https://docs.agora.io/en/signaling/reference/agora-console-rest-api
   */
  async list(options: ListProjectsOptions = {}): Promise<Project[]> {
    checkArguments('projects.list()', options, limitRules)
    if (this.#connection.auth.kind !== 'basic') {
      throw new AgoraConfigError(
        'ERR_CONFIG_MISSING',
        'Agora lists projects for HTTP Basic only, and this client uses tokens: give it AGORA_CUSTOMER_ID and AGORA_CUSTOMER_SECRET.',
      )
    }
    const call = { method: 'GET', path }
    const result = await this.#connection.transport.call({
      ...call,
      operation: 'projects',
      timeoutMs: options.timeoutMs,
      signal: options.signal,
    })
    const { json } = result.answer
    const list = isJsonObject(json) ? json['projects'] : undefined
    const projects = Array.isArray(list) ? list.map(readProject) : []
    if (!Array.isArray(list) || !projects.every((project) => project !== undefined)) {
      throw unexpectedAnswer(call, result, 'projects with id, name and vendor_key')
    }
    return projects
  }
}

function readProject(item: unknown): Project | undefined {
  if (!isJsonObject(item)) return undefined
  const id = textField(item, 'id')
  const appId = textField(item, 'vendor_key')
  if (id === undefined || appId === undefined) return undefined
  const appCertificate = textField(item, 'sign_key')
  const created = numberField(item, 'created')
  const project: Project = {
    id,
    name: textField(item, 'name') ?? '',
    appId,
    ...(appCertificate === undefined ? {} : { appCertificate }),
    enabled: numberField(item, 'status') === 1,
    ...(created === undefined ? {} : { createdAt: new Date(created * 1000) }),
  }
  return concealSecrets(project, ['appCertificate'])
}
