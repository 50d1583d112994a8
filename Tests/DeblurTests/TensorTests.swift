import Testing

@testable import Deblur

@Suite struct TensorTests {
  @Test func spansAreTheElementsInLayoutOrder() {
    let tensor = Tensor(2, 3, 2)
    tensor.withMutableSpan { span in
      for index in span.indices { span[index] = Float(index) }
    }
    #expect(tensor[1, 2, 0] == 10)
    #expect(tensor.withSpan { span in span.indices.map { span[$0] } } == tensor.values)
  }

  @Test func whatTheClosureThrowsComesOut() {
    let tensor = Tensor(1, 1, 1, filledWith: 0)
    #expect(throws: DeblurError.notFinite) { try tensor.withSpan { _ throws(DeblurError) in throw .notFinite } }
    #expect(throws: DeblurError.notFinite) { try tensor.withMutableSpan { _ throws(DeblurError) in throw .notFinite } }
  }
}
