// One line of a transcript, turned into what it says. Errors carry no place: the reader of the file knows it.
#pragma once

#include <string_view>
#include <vector>

#include "platform/base/result.h"
#include "tests/support/transcript.h"
#include "tests/support/words.h"

namespace steward::transcript {

bool is_expectation(std::string_view word);  // expect, expect-next, exactly …
Result<Expectation> expectation_of(std::string_view word, const std::vector<Word>& words);
Result<Answer> answer_of(const std::vector<Word>& words);
Result<ClientProof> client_proof_of(const std::vector<Word>& words);
Result<ServerProof> server_proof_of(const std::vector<Word>& words);
Outcome add_client_settings(const std::vector<Word>& words, ClientSettings& settings);
Result<End> end_of(const std::vector<Word>& words);

}  // namespace steward::transcript
