/** The version of zgrad, that of package.json (a test holds them together). */
export const version = '0.4.0';
