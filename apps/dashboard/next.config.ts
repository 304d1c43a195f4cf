import type { NextConfig } from "next";

const config: NextConfig = {
  // Static files only: no server code runs, so no secret can be in it and no middleware can be bypassed.
  output: "export",
  reactStrictMode: true,
  poweredByHeader: false,
  images: { unoptimized: true },
  transpilePackages: ["@switchyard/api-contract", "@switchyard/metering", "@switchyard/policy-engine"],
  // Types are checked by the typecheck task, once, not again by the build.
  typescript: { ignoreBuildErrors: true },
};

export default config;
