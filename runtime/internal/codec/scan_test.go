package codec

import "testing"

func TestStringsAreReadAsTheyAreMeant(t *testing.T) {
	for answer, want := range map[string]string{
		`""`:                         "",
		`"\"\\\/\b\f\n\r\t"`:         "\"\\/\b\f\n\r\t",
		`"\u00e9\u20ac\u001a\u0000"`: "é€\x1a\x00",
		`"\u00E9\u00e9"`:             "éé",
		"\"é€😀\"":                    "é€😀",
		`"\ud83d\ude00"`:             "😀",
		`"a\ud83d\ude00b"`:           "a😀b",
		`"\ud83d"`:                   "\uFFFD",
		`"\ude00"`:                   "\uFFFD",
		`"\ud83dx"`:                  "\uFFFDx",
		`"\ud83d\n"`:                 "\uFFFD\n",
		`"\ud83d\u0041"`:             "\uFFFDA",
		`"\ud83d\ud83d\ude00"`:       "\uFFFD😀",
		`"\ude00\ud83d"`:             "\uFFFD\uFFFD",
		"\"\x7f\"":                   "\x7f",
		"\"a\xffb\"":                 "a\uFFFDb",
		"\"\xff\xfe\"":               "\uFFFD\uFFFD",
		"\"\xe2\x82\"":               "\uFFFD\uFFFD",
		"\"\\n\xff\xfe\"":            "\n\uFFFD\uFFFD",
		"\"\xc3\\u00e9\"":            "\uFFFDé",
		"\"\xed\xa0\xbd\"":           "\uFFFD\uFFFD\uFFFD",
		"\"\u2028\"":                 "\u2028",
	} {
		if got, err := as[string](answer); err != nil || got != want {
			t.Errorf("%q = %q, %v; want %q", answer, got, err, want)
		}
	}
}

func TestBrokenStringsAreErrors(t *testing.T) {
	for _, answer := range []string{
		`"`, `"a`, `"\`, `"\"`, `"\x41"`, `"\u12"`, `"\u12g4"`, `"\u"`, `"\ud83d\u12"`, `"\ud83d\`, `"\U0041"`, `"\'"`, `'a'`,
		"\"\n\"", "\"\t\"", "\"\x1a\"", "\"\x00\"", "\"\\n\n\"", "\"\\\x00\"", "\"a\\\xff\"", `"a" "b"`, "\"a\"\x00", "\x00",
	} {
		if got, err := as[string](answer); err == nil {
			t.Errorf("%q was read as %q", answer, got)
		}
	}
}

func TestALetterAfterALiteralIsAnError(t *testing.T) {
	for _, answer := range []string{`[truex]`, `[nulll]`, `[falsey]`, `[NaNN]`, `[Infinityx]`, `[1x]`, `[-]`, `[tru]`, `{"a":nul}`, `[-Inf]`} {
		s := NewScanner([]byte(answer))
		if err := s.Skip(); err == nil && s.End() == nil {
			t.Errorf("%s was skipped", answer)
		}
	}
}

func TestPythonsNumbersAreSkipped(t *testing.T) {
	s := NewScanner([]byte(`{"a":[NaN,Infinity,-Infinity,1e5]} `))
	if err := s.Skip(); err != nil {
		t.Fatal(err)
	}
	if err := s.End(); err != nil {
		t.Error(err)
	}
}
