"""Texts with symbols: made, found, taken apart."""

from __future__ import annotations

from ormer.model.symbol import as_glob, has_symbol, pieces, readable, symbol, symbols

TEXT = f"arn:{symbol('AWS::Partition')}:s3:::{symbol('Data')}/{symbol('Data')}"


def test_a_text_without_symbols_has_none():
    assert not has_symbol("arn:aws:s3:::data")
    assert symbols("arn:aws:s3:::data") == ()
    assert pieces("arn:aws:s3:::data") == ("arn:aws:s3:::data",)


def test_symbols_are_named_once_in_order():
    assert has_symbol(TEXT)
    assert symbols(TEXT) == ("AWS::Partition", "Data")


def test_a_text_is_taken_apart_into_fixed_text_and_names():
    assert pieces(TEXT) == ("arn:", "AWS::Partition", ":s3:::", "Data", "/", "Data", "")


def test_a_text_is_shown_and_made_a_pattern():
    assert readable(TEXT) == "arn:${AWS::Partition}:s3:::${Data}/${Data}"
    assert as_glob(TEXT) == "arn:*:s3:::*/*"
