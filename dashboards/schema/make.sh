#!/bin/sh
# Writes testdata/schema: the types of releases of Grafana, which its npm
# package @grafana/schema holds, as JSON schemas. It needs npm and the network;
# the tests, which read what it wrote, need neither.
set -eu
cd "$(dirname "$0")"
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent ts-json-schema-generator@2.4.0
mkdir -p "$here/../testdata/schema"
for version in 9.4.17 10.0.4 10.4.19 11.6.16 12.4.11 13.2.3; do
  mkdir -p "$version/node_modules/@grafana" && cd "$version"
  tar -xzf "$(npm pack --silent "@grafana/schema@$version")"
  mv package node_modules/@grafana/schema
  types=node_modules/@grafana/schema/dist/types/raw/composable
  [ -d "$types" ] || types=node_modules/@grafana/schema/dist/esm/raw/composable
  case $version in
  9.4.*) cp "$here/panels-9.4.ts" panels.ts ;;
  *)
    cp "$here/panels.ts" panels.ts
    for panel in barchart geomap logs stat statetimeline table timeseries; do
      file=$(ls $types/$panel/panelcfg/x/*.d.ts)
      sed -i "s#SOURCE/$panel'#./${file%.d.ts}'#" panels.ts
    done
    ;;
  esac
  echo '{"compilerOptions": {"strict": true, "module": "esnext", "moduleResolution": "bundler", "skipLibCheck": true, "types": []}}' >tsconfig.json
  ../node_modules/.bin/ts-json-schema-generator --tsconfig tsconfig.json --path panels.ts --type Schema --no-type-check --jsDoc none --expose none --minify \
    --out "$here/../testdata/schema/$version.json"
  cd ..
done
