using System.Runtime.Intrinsics;

namespace FaceRecon.Tests;

public class NormalSystemTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(131)]
    public void Solves_what_it_was_given(int size)
    {
        var random = new Random(size);
        var system = new NormalSystem(size);
        var row = new double[size];
        var truth = Enumerable.Range(0, size).Select(i => random.NextDouble() - 0.5).ToArray();
        for (var k = 0; k < 2 * size + 3; k++)
        {
            for (var i = 0; i < size; i++)
                row[i] = random.NextDouble() - 0.5;
            // r(x) = j.x - j.truth, linearised at zero.
            system.Add(row, 1 + random.NextDouble(), -row.Zip(truth, (a, b) => a * b).Sum());
        }
        var one = new double[size];
        var many = new double[size];
        system.Solve(system.Factor(0, 1, default)!, one);
        system.Solve(system.Factor(0, 4, default)!, many);
        Assert.All(one.Zip(truth), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
        Assert.Equal(one, many);
    }

    [Fact]
    public void Refuses_what_has_no_single_solution()
    {
        var system = new NormalSystem(3);
        system.Add([1, 1, 0], 1, 1);
        Assert.Null(system.Factor(0, 1, default));
    }

    [Fact]
    public void Runs_of_four_are_the_same_as_the_whole_row()
    {
        var whole = new NormalSystem(11);
        var parts = new NormalSystem(11);
        whole.Add([0, 2, -1, 0, 1, 0, 0, 3, 0, 0, 5], 2, 0.5);
        var row = new SparseRow();
        row.Append(1, Vector256.Create(2d, -1, 0, 1));
        row.Append(7, Vector256.Create(3d, 0, 0, 5));
        parts.Add(row, 2, 0.5);
        AssertEqual(whole, parts);
    }

    [Fact]
    public void A_run_may_go_beyond_the_last_unknown()
    {
        var whole = new NormalSystem(10);
        var parts = new NormalSystem(10);
        whole.Add([0, 2, 0, 0, 0, 0, 0, 0, 0, 3], 2, 0.5);
        var row = new SparseRow();
        row.Append(1, Vector256.Create(2d, 0, 0, 0));
        row.Append(9, Vector256.Create(3d, 0, 0, 0));
        parts.Add(row, 2, 0.5);
        AssertEqual(whole, parts);
    }

    [Theory]
    [InlineData(21, 1)]
    [InlineData(64, 31)]
    [InlineData(83, 100)]
    public void Eliminated_coordinates_are_taken_away_as_squares(int size, int coordinates)
    {
        var random = new Random(size);
        var expected = new double[size, size];
        var system = new NormalSystem(size);
        var complement = new SchurComplement(size);
        var row = new SparseRow();
        var coordinate = new EliminatedCoordinate(size);
        for (var k = 0; k < coordinates; k++)
        {
            var sum = new double[size + 3];
            for (var part = 0; part < 3; part++)
            {
                row.Clear();
                var (start, weight) = (random.Next(size - 3), random.NextDouble());
                var values = Vector256.Create(random.NextDouble(), random.NextDouble(), -random.NextDouble(), random.NextDouble());
                row.Append(start, values);
                coordinate.Add(row, weight);
                for (var i = 0; i < 4; i++)
                    sum[start + i] += weight * values[i];
            }
            var scale = random.NextDouble();
            complement.Take(coordinate, scale, system);
            coordinate.Clear();
            for (var i = 0; i < size; i++)
            for (var j = 0; j <= i; j++)
                expected[i, j] -= scale * scale * sum[i] * sum[j];
        }
        complement.Flush(system);
        for (var i = 0; i < size; i++)
        for (var j = 0; j <= i; j++)
            Assert.Equal(expected[i, j], system[i, j], 1e-10);
    }

    private static void AssertEqual(NormalSystem expected, NormalSystem actual)
    {
        for (var i = 0; i < expected.Size; i++)
        for (var j = 0; j <= i; j++)
            Assert.Equal(expected[i, j], actual[i, j], 1e-12);
        Assert.Equal(expected.Gradient.ToArray(), actual.Gradient.ToArray());
    }
}
