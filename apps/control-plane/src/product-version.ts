/** The version that the API, its description and the System page show. */
export const productVersion = "0.1.0";
