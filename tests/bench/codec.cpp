#include <benchmark/benchmark.h>

#include "agent/syncml/read.h"
#include "agent/syncml/wbxml.h"
#include "agent/syncml/write.h"
#include "tests/bench/bare_sax.h"
#include "tests/bench/traffic.h"

namespace steward::bench {
namespace {

std::string message(benchmark::State& state, syncml::Encoding encoding) {
    return syncml::write(encoding, traffic(Mix::replace, static_cast<std::size_t>(state.range(0))));
}

void count(benchmark::State& state, std::size_t bytes) {
    state.SetItemsProcessed(state.iterations() * state.range(0));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void walk_bare_sax(benchmark::State& state) {
    const std::string xml = message(state, syncml::Encoding::xml);
    for (auto _ : state) benchmark::DoNotOptimize(bare_sax(xml));
    count(state, xml.size());
}
BENCHMARK(walk_bare_sax)->Arg(50)->Arg(1000)->Arg(5000);

void read(benchmark::State& state, syncml::Encoding encoding) {
    const std::string bytes = message(state, encoding);
    for (auto _ : state) benchmark::DoNotOptimize(syncml::read(encoding, bytes));
    count(state, bytes.size());
}
BENCHMARK_CAPTURE(read, xml, syncml::Encoding::xml)->Arg(50)->Arg(1000)->Arg(5000);
BENCHMARK_CAPTURE(read, wbxml, syncml::Encoding::wbxml)->Arg(50)->Arg(1000)->Arg(5000);

void write_statuses(benchmark::State& state, syncml::Encoding encoding) {
    const auto all = statuses(static_cast<std::size_t>(state.range(0)));
    std::size_t bytes = 0;
    for (auto _ : state) {
        syncml::Writer writer({}, false, encoding);
        for (const syncml::Command& status : all) writer.add(status);
        bytes = writer.finish(true).size();
    }
    count(state, bytes);
}
BENCHMARK_CAPTURE(write_statuses, xml, syncml::Encoding::xml)->Arg(50)->Arg(1000)->Arg(5000);
BENCHMARK_CAPTURE(write_statuses, wbxml, syncml::Encoding::wbxml)->Arg(50)->Arg(1000)->Arg(5000);

}  // namespace
}  // namespace steward::bench

BENCHMARK_MAIN();
