/** The product's version; the bundler writes it in. */
export const version = process.env.REVGAN_VERSION ?? "0.0.0-source";
