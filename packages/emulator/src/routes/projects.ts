import type { Endpoint } from '../http/endpoint.js'
import { limits } from '../http/limits.js'

/**
 * The account has one project: the emulator's own.
 *
 * @see https://docs.agora.io/en/api-reference/api-ref/console/solutions-agora-console-rest-api
 */
export const projects: Endpoint = {
  method: 'GET',
  route: '/dev/v1/projects',
  family: 'gateway',
  operation: 'projects',
  basicOnly: true,
  queryNames: [],
  limit: () => limits.console,
  handle: ({ credentials, variants, createdSeconds }) => ({
    status: variants.projectsStatus,
    body: {
      projects: [
        {
          id: 'emulator',
          name: 'Agora Signaling emulator',
          sign_key: credentials.appCertificate,
          vendor_key: credentials.appId,
          recording_server: null,
          status: 1,
          created: createdSeconds,
        },
      ],
    },
  }),
}
