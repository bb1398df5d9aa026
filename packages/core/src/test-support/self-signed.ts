/**
 * A certificate that nobody trusts, for localhost and 127.0.0.1 until 2120, and its key. Made for tests; of no use elsewhere.
 */
export const selfSigned = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1P6GS3mka5XLj2aE
HIi2dX9Liut/46InNYrEqf1AVyqhRANCAATmh5AN3rmkPB8WyoAh1kvSiEDP0m8X
uvdRHdE11/9r/w3pRxLOaNDQsySD8o/XsLv5DOk8GzdEkSbInave3l7Z
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBWzCCAQGgAwIBAgIUTlhhYP8n9GjmUhGs+9LzsEmlsEEwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAx
MDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATmh5AN3rmkPB8WyoAh1kvSiEDP0m8XuvdRHdE11/9r/w3pRxLOaNDQ
sySD8o/XsLv5DOk8GzdEkSbInave3l7Zoy8wLTAaBgNVHREEEzARgglsb2NhbGhv
c3SHBH8AAAEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBdiOXa
zTLHrN68bePKk6eCUkM7LE+U9HwfIiqekIfWOgIhAKeOnV+bb+w6k7Ow7jVh5PR9
OZu7ykedJM8gHR7a0V6e
-----END CERTIFICATE-----
`,
} as const
