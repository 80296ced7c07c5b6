/**
 * Where tools put their caches when they may write nowhere else: below a temporary folder that is the command's own, and
 * empty each time. What was downloaded before stays readable where it is (Go modules, Cargo's registry, browsers). Package
 * tools are told that there is no network, or they would wait for it for minutes.
 */
export function toolCaches(temporary: string): Record<string, string> {
  const at = (name: string): string => `${temporary}/${name}`;
  return {
    TMPDIR: temporary,
    TMP: temporary,
    TEMP: temporary,
    npm_config_cache: at('npm'),
    npm_config_update_notifier: 'false',
    npm_config_offline: 'true',
    YARN_CACHE_FOLDER: at('yarn'),
    PIP_CACHE_DIR: at('pip'),
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_RETRIES: '0',
    UV_CACHE_DIR: at('uv'),
    UV_OFFLINE: '1',
    GOCACHE: at('go-build'),
    GOPROXY: 'off',
    GOLANGCI_LINT_CACHE: at('golangci-lint'),
    // Without it Cargo would try to reach its registry first, and to lock it.
    CARGO_NET_OFFLINE: 'true',
    DOTNET_CLI_HOME: at('dotnet'),
    DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  };
}
