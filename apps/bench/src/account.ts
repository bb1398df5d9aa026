/*
 * An account with one project. All values are made up.
 */

export const appId = '0123456789abcdef0123456789abcdef'
export const appCertificate = 'c0ffee00c0ffee00c0ffee00c0ffee00'
export const customerId = '11111111222222223333333344444444'
export const customerSecret = 'badc0de1badc0de2badc0de3badc0de4'
